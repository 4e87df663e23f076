/** What reads forms of other programs: loaded when somebody brings one, since no city does so every day. */
export async function formImporter() {
  const [{ importFormFile }, { reportWords }] = await Promise.all([
    import('./import-form.ts'),
    import('./importing/report.ts'),
  ])
  return { importFormFile, reportWords }
}
