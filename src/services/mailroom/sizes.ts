/** The longest message, as it comes over the wire: an attachment of 25 MB is a third longer there. */
export const longestMessage = 35 * 1024 * 1024
/** What is no longer than this stays in memory and is sealed in one piece; no header may be longer. */
export const shortMessage = 256 * 1024
export const pieceLength = 1024 * 1024
/** What one mail to several departments may cost, for each gets its own sealed copy. */
export const longestInAll = 4 * longestMessage
