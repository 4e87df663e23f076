/** Words that say nothing about what somebody needs, in English and Spanish, without accents. */
export const stopWords: ReadonlySet<string> = new Set(
  (
    'a about an and any are at be can do does for from get have how i if in is it me my need of on or our the there to ' +
    'want we what when where which who why with you your ' +
    'al como con cual cuando de del donde el en es esta hay la las lo los me mi mis necesito o para por que quien ' +
    'quiero se si su sus un una y yo'
  ).split(' '),
)
