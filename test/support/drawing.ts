import sharp, { type Sharp } from 'sharp'

const decoder = { operation: ['VipsForeignLoadSvg'] }

/**
 * A drawing as a picture. A process that took a file from somebody reads no drawings from then on
 * (src/services/attachments/picture.ts): it does for as long as this takes, and none after it.
 */
export async function drawPicture(svg: string, finish = (picture: Sharp): Sharp => picture.png()): Promise<Buffer> {
  sharp.unblock(decoder)
  try {
    return await finish(sharp(Buffer.from(svg))).toBuffer()
  } finally {
    sharp.block(decoder)
  }
}
