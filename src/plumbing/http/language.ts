import { languages, type Language } from '../messages.ts'

/** Whether an address as it was asked for lies under a language's prefix; English has none. */
export function languageOf(url: string): Language {
  return url.startsWith('/es') && (url.length === 3 || '/?'.includes(url.charAt(3))) ? 'es' : 'en'
}

/** The address without its language prefix, as routes know it. `/es/` stays: it is `/es` with a slash too many. */
export function withoutLanguage(url: string): string {
  if (languageOf(url) === 'en' || url === '/es/' || url.startsWith('/es/?')) return url
  const rest = url.slice(3)
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** The address of a page in a language: `/forms/x` is `/es/forms/x` in Spanish, and home is `/es`. */
export function inLanguage(language: Language, path: string): string {
  if (language === 'en') return path
  return path === '/' ? '/es' : path.startsWith('/?') ? `/es${path.slice(1)}` : `/es${path}`
}

/** Every address of one page. */
export function addressesOf(path: string): { language: Language; url: string }[] {
  return languages.map((language) => ({ language, url: inLanguage(language, path) }))
}
