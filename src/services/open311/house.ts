import type { FormId } from '../../city/index.ts'
import type { Cabinet } from '../attachments/index.ts'
import type { House } from '../correspondence/index.ts'
import type { FormDefinition, Forms } from '../forms/index.ts'

export type Open311House = House & Readonly<{ forms: Forms; publicUrl: string; cabinet: Cabinet }>

/** A report is a letter on this form, whoever brings it: its purposes and its retention hold. */
export function formOf({ forms }: Pick<Open311House, 'forms'>): FormDefinition | undefined {
  return forms.get('report-a-problem' as FormId)
}
