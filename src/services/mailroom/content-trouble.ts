import { shortMessage } from './sizes.ts'

/** What no message may be, whatever it says. */
export type ContentTrouble = 'too-long' | 'nul' | 'false-end' | 'header-too-long' | 'loop'

/** RFC 5321 6.3: a message that passed more hands than this goes in a circle. */
const mostHops = 50

/**
 * Watches a message as it comes, chunk by chunk, then `undefined` for its end. NUL is no part of a mail (RFC 5322). A dot
 * alone between line ends that are not CRLF is how one message is smuggled inside another (CVE-2023-51764 and its kin):
 * some programs take it for the end.
 */
export function watchContent(): (chunk: Buffer | undefined) => ContentTrouble | undefined {
  let tail = ''
  let head = ''
  let headed = false
  return (chunk) => {
    if (chunk === undefined) return headed ? undefined : judgeHead(head)
    if (chunk.includes(0)) return 'nul'
    const text = tail + chunk.toString('latin1')
    tail = text.slice(-4)
    if (/(?<!\r)\n\.\r?\n|\r\n\.(?:\n|\r(?!\n|$))|\r\.\r/.test(text)) return 'false-end'
    if (headed) return undefined
    head += chunk.toString('latin1')
    if (!/\r?\n\r?\n/.test(head)) return head.length > shortMessage ? 'header-too-long' : undefined
    headed = true
    return judgeHead(head)
  }
}

function judgeHead(text: string): ContentTrouble | undefined {
  const head = headerOf(text)
  if (head.length > shortMessage) return 'header-too-long'
  return (head.match(/^received:/gim)?.length ?? 0) > mostHops ? 'loop' : undefined
}

export const headerOf = (text: string): string => /^[\s\S]*?(?=\r?\n\r?\n)/.exec(text)?.[0] ?? text

/** One field of a header, unfolded; undefined where it is not there. */
export function fieldOf(header: string, name: string): string | undefined {
  const found = new RegExp(`^${name}:(.*(?:\\r?\\n[ \\t].*)*)`, 'im').exec(header)
  return found?.[1]?.replace(/\r?\n[ \t]+/g, ' ').trim()
}
