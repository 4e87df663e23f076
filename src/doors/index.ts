export { openDoors, type House } from './open-doors.ts'
export { serveMetrics } from './metrics.ts'
