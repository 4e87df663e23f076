// @ts-check

/** Each part stands by itself: where one fails, the others and the plain form still work. @param {any} form */
export function start(form) {
  const page = begin(form)
  if (!page) return
  for (const part of [keepOnDevice, uploadAhead, offerStreets, pinOnMap])
    try {
      part(page)
    } catch (error) {
      console.warn(error)
    }
}
