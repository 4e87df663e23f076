import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatBundle, parseBundle } from './bundle.ts'
import { openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts'
import { emptyRoot, leafHash, nodeHash, sha256 } from './merkle.ts'
import { openNote, signerOf, signNote, verifierOf } from './note.ts'
import { checkProof, formatProofFile, parseProofFile } from './proof-file.ts'
import { parseTilePath, partialTiles, tilePath } from './tile.ts'

/** The example key of golang.org/x/mod/sumdb/note, and the note that the Go program signed with it. */
const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1)
const text = `If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n`
const signature = 'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM='
const note = `${text}\n— PeterNeumann ${signature}\n`

const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
const peter = signerOf('PeterNeumann', createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }))
const other = signerOf('town.example/ledger', generateKeyPairSync('ed25519').privateKey)
const reader = (key: string) => verifierOf(key) ?? expect.unreachable()

describe('a signed note', () => {
  test('comes out letter for letter as the reference program writes it', () => {
    expect(peter.vkey).toBe(vkey)
    expect(signNote(text, peter)).toBe(note)
    expect(openNote(note, reader(vkey))).toBe(text)
  })

  test('is refused when a letter of it changed', () => {
    expect(openNote(note.replace('answer', 'Answer'), reader(vkey))).toEqual({ refused: 'unsigned' })
  })

  test('opens with signatures of others beside ours, and not with theirs alone', () => {
    const both = note + signNote(text, other).split('\n\n')[1]!
    expect(openNote(both, reader(vkey))).toBe(text)
    expect(openNote(both, reader(other.vkey))).toBe(text)
    expect(openNote(note, reader(other.vkey))).toEqual({ refused: 'unsigned' })
  })

  test('with a second, false signature of our key is refused whole', () => {
    const bytes = Buffer.from(signature, 'base64')
    bytes[10]! ^= 1
    expect(openNote(`${note}— PeterNeumann ${bytes.toString('base64')}\n`, reader(vkey))).toEqual({
      refused: 'unsigned',
    })
  })

  test('cut anywhere does not open', () => {
    for (let end = 0; end < note.length; end += 1) {
      expect(openNote(note.slice(0, end), reader(vkey))).toHaveProperty('refused')
    }
  })

  test('has no control characters and no spelling twice', () => {
    expect(openNote(note.replace('answer', 'ans\twer'), reader(vkey))).toEqual({ refused: 'malformed' })
    expect(openNote(note.replace(signature, signature.replace('=', '')), reader(vkey))).toEqual({
      refused: 'malformed',
    })
    expect(() => signNote('no newline', peter)).toThrow('newline')
  })

  test('a public key that was cut, changed or is of another type is not one', () => {
    for (let from = 0; from < vkey.length; from += 1) {
      for (let to = from + 1; to <= vkey.length; to += 1) {
        if (to - from < vkey.length) expect(verifierOf(vkey.slice(from, to))).toBeUndefined()
      }
    }
    expect(verifierOf('PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')).toBeUndefined()
    expect(() => signerOf('two words', peter.key)).toThrow('cannot name')
  })
})

describe('a checkpoint', () => {
  const root = leafHash(Buffer.from('one'))

  test('is three lines: which ledger, how many entries, and their root', () => {
    const signed = signCheckpoint(70_000, root, other)
    expect(signed.split('\n\n')[0]).toBe(`town.example/ledger\n70000\n${root.toString('base64')}`)
    expect(openCheckpoint(signed, reader(other.vkey))).toEqual({ origin: 'town.example/ledger', size: 70_000, root })
  })

  test('of another ledger is refused even when our key signed it', () => {
    const foreign = signNote(`elsewhere.example/ledger\n1\n${root.toString('base64')}\n`, other)
    expect(openCheckpoint(foreign, reader(other.vkey))).toEqual({ refused: 'other-ledger' })
  })

  test.each([
    ['without a size', `a\n\n${root.toString('base64')}\n`],
    ['with a leading zero', `a\n01\n${root.toString('base64')}\n`],
    ['with a negative size', `a\n-1\n${root.toString('base64')}\n`],
    ['with a root that is too short', `a\n1\n${root.subarray(1).toString('base64')}\n`],
    ['without a name', `\n1\n${root.toString('base64')}\n`],
    ['cut before its last newline', `a\n1\n${root.toString('base64')}`],
  ])('%s is not one', (_what, broken) => {
    expect(parseCheckpoint(broken)).toBeUndefined()
  })
})

describe('the address of a tile', () => {
  test.each([
    [{ level: 0, n: 0, width: 256 }, 'tile/0/000'],
    [{ level: 3, n: 1234067, width: 8 }, 'tile/3/x001/x234/067.p/8'],
    [{ level: 1, n: 1234, width: 256 }, 'tile/1/x001/234'],
    [{ level: 'entries' as const, n: 999, width: 1 }, 'tile/entries/999.p/1'],
    [{ level: 63, n: 1000, width: 255 }, 'tile/63/x001/000.p/255'],
  ])('%j is %s', (address, path) => {
    expect(tilePath(address)).toBe(path)
    expect(parseTilePath(path)).toEqual(address)
  })

  test.each([
    'tile/0/0',
    'tile/00/000',
    'tile/64/000',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/x001',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/-1/000',
    'tile/data/000',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/000.p/1/2',
    'tile/0/x001/x234/x067',
  ])('%s is not one', (path) => {
    expect(parseTilePath(path)).toBeUndefined()
  })

  test('is read back as it was written, for any tile', () => {
    fc.assert(
      fc.property(fc.nat(63), fc.nat(), fc.integer({ min: 1, max: 256 }), (level, n, width) => {
        expect(parseTilePath(tilePath({ level, n, width }))).toEqual({ level, n, width })
      }),
    )
  })

  test('a tree of 70,000 has the partial tiles that the format names', () => {
    expect(partialTiles(70_000)).toEqual([
      { level: 0, n: 273, width: 112 },
      { level: 1, n: 1, width: 17 },
      { level: 2, n: 0, width: 1 },
    ])
    expect(partialTiles(256)).toEqual([{ level: 1, n: 0, width: 1 }])
    expect(partialTiles(0)).toEqual([])
  })
})

test('a bundle gives back its entries, and is not one when it ends in the middle of an entry', () => {
  const entries = [Buffer.from('abc'), Buffer.alloc(0), Buffer.alloc(65_535, 7)]
  expect(parseBundle(formatBundle(entries))).toEqual(entries)
  expect(formatBundle([Buffer.from('abc')]).toString('hex')).toBe('0003616263')
  expect(parseBundle(formatBundle(entries).subarray(0, -1))).toBeUndefined()
  expect(parseBundle(Buffer.from([0]))).toBeUndefined()
})

describe('a proof file', () => {
  const salt = Buffer.alloc(32, 9)
  const statement = 'cityhall/entry/v1\none\n-'
  const leaf = leafHash(sha256(Buffer.concat([salt, Buffer.from(statement)])))
  const root = nodeHash(emptyRoot, leaf)
  const checkpoint = signCheckpoint(2, root, other)
  const file = formatProofFile({ salt, statement, index: 1, path: [emptyRoot], checkpoint })

  test('holds everything that the check needs, and the check gives back the statement', () => {
    expect(file.split('\n').slice(0, 5)).toEqual([
      'c2sp.org/tlog-proof@v1',
      `extra ${Buffer.concat([salt, Buffer.from(statement)]).toString('base64')}`,
      'index 1',
      emptyRoot.toString('base64'),
      '',
    ])
    expect(parseProofFile(file)).toEqual({ salt, statement, index: 1, path: [emptyRoot], checkpoint })
    const { name: origin } = other
    expect(checkProof(file, `${other.vkey}\n`)).toEqual({ statement, index: 1, checkpoint: { origin, size: 2, root } })
  })

  test('of a tree with one entry has no path and still checks', () => {
    const single = formatProofFile({ salt, statement, index: 0, path: [], checkpoint: signCheckpoint(1, leaf, other) })
    expect(checkProof(single, other.vkey)).toMatchObject({ statement, index: 0 })
  })

  test.each([
    [
      'another statement',
      { salt, statement: `${statement}!`, index: 1, path: [emptyRoot], checkpoint },
      'not-included',
    ],
    ['another salt', { salt: Buffer.alloc(32), statement, index: 1, path: [emptyRoot], checkpoint }, 'not-included'],
    ['another place', { salt, statement, index: 0, path: [emptyRoot], checkpoint }, 'not-included'],
    ['another path', { salt, statement, index: 1, path: [root], checkpoint }, 'not-included'],
    [
      'a checkpoint that was changed',
      { salt, statement, index: 1, path: [emptyRoot], checkpoint: checkpoint.replace('\n2\n', '\n3\n') },
      'not-signed-by-this-key',
    ],
    ['no checkpoint', { salt, statement, index: 1, path: [emptyRoot], checkpoint: '' }, 'checkpoint-malformed'],
  ])('with %s is refused', (_what, proof, refused) => {
    expect(checkProof(formatProofFile(proof), other.vkey)).toEqual({ refused })
  })

  test('is refused under another key, under none, and when it is not a proof at all', () => {
    expect(checkProof(file, vkey)).toEqual({ refused: 'not-signed-by-this-key' })
    expect(checkProof(file, 'nonsense')).toEqual({ refused: 'bad-key' })
    expect(checkProof(file.slice(1), other.vkey)).toEqual({ refused: 'not-a-proof' })
    expect(checkProof(file.replace('index 1', 'index 01'), other.vkey)).toEqual({ refused: 'not-a-proof' })
  })
})
