import { generateKeyPair } from '@libp2p/crypto/keys'
import { expect, test } from 'vitest'
import { incarnationProofs } from './incarnation-proofs.ts'

const member = async (cluster = 'test') => {
  const key = await generateKeyPair('Ed25519')
  const id = key.publicKey.toString()
  return { id, proofs: incarnationProofs(cluster, id, key) }
}

test('what a member proves of its incarnation others can verify by its id alone', async () => {
  const [a, b] = [await member(), await member()]
  const proof = a.proofs.prove(7) ?? ''
  expect(proof.length).toBeLessThanOrEqual(128)
  expect(b.proofs.verify(a.id, 7, proof)).toBe(true)
})

test('a proof is of one incarnation, of one member, in one cluster', async () => {
  const [a, b, elsewhere] = [await member(), await member(), await member('other')]
  const proof = a.proofs.prove(7) ?? ''
  expect(b.proofs.verify(a.id, 8, proof)).toBe(false)
  expect(b.proofs.verify(b.id, 7, proof)).toBe(false)
  expect(elsewhere.proofs.verify(a.id, 7, proof)).toBe(false)
  for (const id of ['', 'nobody', '0OIl', `${a.id}1`, 'Qm'.repeat(40)])
    expect(b.proofs.verify(id, 7, proof)).toBe(false)
  expect(b.proofs.verify(a.id, 7, 'no signature')).toBe(false)
})
