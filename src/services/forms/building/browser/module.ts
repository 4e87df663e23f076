import { readFileSync } from 'node:fs'
import { deskModule } from '../../../../city/look/index.ts'

/** Says when words are not kept yet, keeps them by key, and warns before they are left. */
export const builderModule = deskModule('builder', readFileSync(new URL('./builder.js', import.meta.url), 'utf8'))
