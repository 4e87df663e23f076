import { readFileSync } from 'node:fs'
import { deskModule } from '../../../../city/look/index.ts'

/** Puts a template where the writing stands, without leaving the page. */
export const templatesModule = deskModule('templates', readFileSync(new URL('./templates.js', import.meta.url), 'utf8'))
