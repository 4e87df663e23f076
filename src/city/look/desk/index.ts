export { deskModule, publishDeskLook, type DeskModule } from './desk-look.ts'
export { deskPage, deskSheet, type DeskPageParts, type DeskPlace } from './desk-page.ts'
