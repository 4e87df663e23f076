import sharp from 'sharp'

/** A page as it was drawn: four bytes a point. */
export type Drawn = Readonly<{ points: Uint8Array; width: number; height: number }>

/** More than this is not decoded: a small file can unfold to gigabytes. */
const mostDecoded = 64_000_000

/** A picture as it is looked at: upright, grey, not larger than it helps, as PNG. Throws where it does not decode. */
export async function pictureOf(from: Uint8Array | Drawn, pixels: number): Promise<Buffer> {
  const picture =
    from instanceof Uint8Array
      ? sharp(from, { limitInputPixels: mostDecoded, failOn: 'error' }).autoOrient()
      : sharp(from.points, { raw: { width: from.width, height: from.height, channels: 4 } }).removeAlpha()
  const { width, height } = from instanceof Uint8Array ? await sizeOf(from) : from
  const scale = Math.min(1, Math.sqrt(pixels / (width * height)))
  return picture
    .resize({ width: Math.max(1, Math.floor(width * scale)), withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .grayscale()
    .png({ compressionLevel: 1 })
    .toBuffer()
}

async function sizeOf(bytes: Uint8Array): Promise<{ width: number; height: number }> {
  const { autoOrient } = await sharp(bytes, { limitInputPixels: mostDecoded }).metadata()
  return autoOrient
}
