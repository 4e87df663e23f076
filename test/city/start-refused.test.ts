import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { aCityOfItsOwn } from '../support/running.ts'

test('where a port is taken the program says which and how to choose another, and ends by itself', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const taken = String((other.address() as AddressInfo).port)
  // Behind the web's door and that of the figures the rest of the program runs already.
  for (const setting of ['CITYHALL_METRICS_PORT', 'PORT']) {
    const began = Date.now()
    const started = aCityOfItsOwn(() => Promise.resolve({ [setting]: taken }))
    await expect(started, setting).rejects.toThrow(
      new RegExp(`port ${taken} on 127\\.0\\.0\\.1.* is taken; stop what uses it, or set ${setting} to another number`),
    )
    expect(Date.now() - began, `${setting}: it ended`).toBeLessThan(30_000)
  }
  other.close()
})
