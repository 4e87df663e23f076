export { createFind, type Find, type Found, type FoundKind } from './find.ts'
export { formPathFor, formsByUse, pathToForm, type House } from './house.ts'
export { problemPages } from './pages/problem.ts'
export { pagesRoutes } from './routes.ts'
