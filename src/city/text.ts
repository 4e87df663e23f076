/** Words a person reads, in every language the city serves; both are complete or the file is refused. */
export type Text = Readonly<Record<'en' | 'es', string>>
