export { openDoors, type House } from './open-doors.ts'
export { openMailDoor } from './mail.ts'
export { serveMetrics } from './metrics.ts'
