export { importActivities } from './import-activities.ts'
export { activitiesRoutes } from './public-routes.ts'
