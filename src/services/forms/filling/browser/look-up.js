// @ts-check

/**
 * What looks places up as the server does, from the city's own list and outlines, which came whole: what is typed or
 * pointed at goes nowhere. @param {any} brief @param {string} language
 */
export function lookUp(brief, language) {
  const known = placesFrom(brief)
  return {
    /** @param {any} outline */
    settledIn: (outline) => settledIn(outline, known),
    /** @param {string} typed @param {number} most */
    streetsLike: (typed, most) => (known.addresses ? streetsLike(known.addresses, typed, most) : []),
    /** The name of what a point lies in; undefined outside the city. @param {string} answer */
    nameAt: (answer) => {
      const point = pointOf(answer)
      const place = point && placeAt(known, point)
      const district = point && known.map.districts.get(districtAt(known, point))
      return (place ? known.places.get(place) : district)?.name[language]
    },
  }
}
