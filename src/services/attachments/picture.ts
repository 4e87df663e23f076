import type sharpModule from 'sharp'
import type { TakingLimits } from './cabinet.ts'
import type { Kind } from './kinds.ts'

/** A letter page photographed at this length of its longer side still has 370 points an inch. */
const longestSide = 4096
const secondsAtMost = 30
/** Bytes of a picture's points: 50 million of four parts, half as many where each part has 16 bits. */
const mostDecoded = 200_000_000

export type Picture = Readonly<{ content: Buffer; kind: Kind }>

/**
 * Makes a picture anew from its points: what the camera wrote into it (place, time, serial number, thumbnail) and what
 * somebody hid behind its end are not in the new one. It stands upright, its longer side is 4096 points at most, and a
 * moving picture becomes its first frame. Undefined where it cannot be decoded to its end within the limits.
 */
export async function pictureAnew(bytes: Buffer, kind: Kind, limits: TakingLimits): Promise<Picture | undefined> {
  const sharp = await loadSharp()
  try {
    const input = { limitInputPixels: limits.pixels, failOn: 'error', sequentialRead: true, pages: 1 } as const
    const picture = sharp(bytes, input)
    const { format, width, height, channels, depth } = await picture.metadata()
    if (format !== kind || width * height * channels * (depth === 'uchar' ? 1 : 2) > mostDecoded) return undefined
    const upright = picture
      .autoOrient()
      .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
      .timeout({ seconds: secondsAtMost })
    if (kind === 'jpeg') return { kind, content: await upright.jpeg({ quality: 85 }).toBuffer() }
    if (kind === 'webp') return { kind, content: await upright.webp({ quality: 85 }).toBuffer() }
    return { kind: 'png', content: await upright.png().toBuffer() }
  } catch {
    return undefined
  }
}

type Sharp = typeof sharpModule

let loaded: Promise<Sharp> | undefined

/** Loaded at the first picture: a city that gets none does not hold libvips in memory. Only the four decoders it needs may run. */
function loadSharp(): Promise<Sharp> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false)
    sharp.concurrency(1)
    sharp.block({ operation: ['VipsForeignLoad'] })
    sharp.unblock({
      operation: ['Jpeg', 'Png', 'Webp', 'Nsgif'].map((name) => `VipsForeignLoad${name}Buffer`),
    })
    return sharp
  })
  return loaded
}
