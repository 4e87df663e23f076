import { draftsModule } from './drafts/browser/module.ts'
import { templatesModule } from './templates/browser/module.ts'

/** What the page of a case runs in the browser besides the keys. */
export const deskModules = [draftsModule, templatesModule] as const
