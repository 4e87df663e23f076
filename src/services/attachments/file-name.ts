import { kinds, type Kind } from './kinds.ts'

const longestStem = 80

/**
 * A file's name as it may be shown and offered for saving: no folder, nothing unseen (control characters, and those that
 * turn the direction of writing and so make `exe.jpg` of `gpj.exe`), nothing a file system minds, and with the
 * extension of what the file is.
 */
export function cleanName(given: string, kind?: Kind): string {
  const base = given.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const seen = base
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*%]/g, '-')
    .replace(/\s+/gu, ' ')
  const [, stem = '', extension = ''] = /^(.*?)(\.[a-z0-9]{1,8})?$/iu.exec(seen) ?? []
  const kept = [...stem.replace(/^[\s.]+|[\s.]+$/gu, '')].slice(0, longestStem).join('').trim()
  const own = kind === undefined ? extension.toLowerCase() : `.${kinds[kind].extension}`
  return `${withoutTwice(kept, own) || 'file'}${own}`
}

/** `photo.jpg.jpg` says it once. */
function withoutTwice(stem: string, extension: string): string {
  return extension !== '' && stem.toLowerCase().endsWith(extension) ? stem.slice(0, -extension.length) : stem
}
