import type sharpModule from 'sharp'
import { turns } from './turns.ts'
import type { TakingLimits } from './cabinet.ts'
import type { Kind } from './kinds.ts'

/** A letter page photographed at this length of its longer side still has 370 points an inch. */
const longestSide = 4096
const secondsAtMost = 30

/** Decoding holds the picture: one at a time, so that many at once need no more memory than one. */
export const atThePictures = turns(1, 32)

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
    const { format } = await picture.metadata()
    if (format !== kind) return undefined
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
