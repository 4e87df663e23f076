import { readFileSync } from 'node:fs'
import { deskModule } from '../../../city/look/index.ts'

/** Printing by a button; everything works without it. */
export const intakeModule = deskModule('intake', readFileSync(new URL('./intake.js', import.meta.url), 'utf8'))
