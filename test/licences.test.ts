import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Licences under which a package may be handed on with an Apache-2.0 program: no source to publish, no field of use. */
const allowed = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'CC0-1.0', 'ISC', 'MIT', 'MIT-0', 'PSF-2.0', 'Unlicense'] // prettier-ignore

type Package = { license?: string; dev?: boolean }

const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Package>
}

/**
 * The picture library beneath `sharp` (libvips) is a shared library under the LGPL: linked, not made part of the program, and
 * anybody may put another in its place. docs/decisions/0015 says why it is let in; nothing else under that licence is.
 */
const isPictureLibrary = (path: string): boolean => /^node_modules\/@img\/sharp-/.test(path)

/** Of a choice (`MIT OR CC0-1.0`) one is enough; anything else has to stand in the list as it is. */
function isAllowed({ license = 'none' }: Package): boolean {
  const choices = license.replace(/^\((.*)\)$/, '$1').split(' OR ')
  return choices.some((one) => allowed.includes(one))
}

test('what is installed to serve a city may be used, changed and handed on by anybody', () => {
  const installed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true)
  expect(installed.length).toBeGreaterThan(50)
  expect(
    installed
      .filter(([path, one]) => !isAllowed(one) && !isPictureLibrary(path))
      .map(([path, { license }]) => `${path}: ${license}`),
  ).toEqual([])
})

test('a licence that asks for more is refused, and so is none', () => {
  for (const license of ['AGPL-3.0-only', 'SEE LICENSE IN FILE', '(GPL-2.0 OR AGPL-3.0)', 'BUSL-1.1'])
    expect(isAllowed({ license })).toBe(false)
  expect(isAllowed({})).toBe(false)
  expect(isAllowed({ license: '(MIT OR CC0-1.0)' })).toBe(true)
})
