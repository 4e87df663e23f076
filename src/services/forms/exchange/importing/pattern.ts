/**
 * Whether a pattern may be taken over: it is run on what strangers type, so only those that cannot run long are.
 * Repeated groups, alternatives inside of them, looking around and back, and more than two endless repeats are refused.
 */
export function safePattern(pattern: string): boolean {
  if (pattern.length > 200 || /\\[1-9kpP]|\(\?(?!:)/.test(pattern)) return false
  const bare = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x')
  if (/\)\s*[*+?{]/.test(bare)) return false
  if ((bare.match(/[*+]|\{\d*,\}/g) ?? []).length > 2) return false
  try {
    new RegExp(pattern, 'u')
    return true
  } catch {
    return false
  }
}
