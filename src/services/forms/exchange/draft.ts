import type { FormFile, PropertyEntry } from '../define-file.ts'

type DraftProperty = Omit<PropertyEntry, 'privacy'> & {
  privacy?: Partial<Exclude<PropertyEntry['privacy'], string>> | string
}

/** A form that is not finished: its questions may lack what must be said about privacy before anybody can be asked. */
export type DraftFile = Omit<FormFile, 'schema'> & {
  schema: Omit<FormFile['schema'], 'properties'> & { properties: Record<string, DraftProperty> }
}
