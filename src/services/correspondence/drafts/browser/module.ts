import { readFileSync } from 'node:fs'
import { deskModule } from '../../../../city/look/index.ts'

/** Keeps what is being written, and tells who else is writing. */
export const draftsModule = deskModule('drafts', readFileSync(new URL('./drafts.js', import.meta.url), 'utf8'))
