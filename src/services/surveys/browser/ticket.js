// Makes a ticket, has it signed blindly, and keeps it on this device until the answer is sent. RFC 9474.
// What is kept here is wiped by the page that says thank you.

const state = document.getElementById('ticket-state')
const answered = document.getElementById('answered')
const place = (survey) => `cityhall-survey-${survey}`

const bytesOf = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0))
const textOf = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')

const read = (survey) => {
  try {
    return JSON.parse(localStorage.getItem(place(survey)) ?? 'null')
  } catch {
    return null
  }
}
const keep = (survey, value) => {
  try {
    localStorage.setItem(place(survey), JSON.stringify(value))
  } catch {
    // A device that keeps nothing answers in one go.
  }
}

if (answered) {
  try {
    localStorage.removeItem(place(answered.dataset.survey))
  } catch {
    // Then there is nothing to wipe.
  }
}
if (state) {
  await makeTicket(state).catch(() => tell(state, 'trouble'))
}

async function makeTicket(state) {
  const { survey, key } = state.dataset
  const form = document.getElementById('survey')
  const code = location.hash.slice(1).toLowerCase().replace(/-/g, '')
  if (form.elements.ticket.value && form.elements.signature.value) {
    ready(state)
    return
  }
  let kept = read(survey)
  if (code !== '' && kept?.code !== code) kept = null
  if (!kept && !/^[a-z2-7]{16}$/.test(code)) {
    if (code !== '' && code !== 'main') tell(state, 'not-there')
    return
  }
  if (!globalThis.crypto?.subtle) {
    tell(state, 'old')
    return
  }
  tell(state, 'making')
  const { BlindRSA } = await import('/assets/blindrsa.js')
  const suite = new BlindRSA({ name: '', hash: 'SHA-384', saltLength: 48, prepareType: 32, supportsRSARAW: false })
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' }
  const publicKey = await crypto.subtle.importKey('spki', bytesOf(key), algorithm, true, ['verify'])
  if (!kept) {
    const ticket = suite.prepare(crypto.getRandomValues(new Uint8Array(32)))
    const { blindedMsg, inv } = await suite.blind(publicKey, ticket)
    kept = { code, ticket: textOf(ticket), blinded: textOf(blindedMsg), inverse: textOf(inv) }
    // Kept before it is sent: should the answer be lost, the same one is asked for again.
    keep(survey, kept)
  }
  if (!kept.signature) {
    const { signature, refused } = await ask(survey, kept)
    if (refused) {
      tell(state, refused)
      return
    }
    const signed = await suite.finalize(publicKey, bytesOf(kept.ticket), bytesOf(signature), bytesOf(kept.inverse))
    kept = { ...kept, signature: textOf(signed) }
    keep(survey, kept)
  }
  form.elements.ticket.value = kept.ticket
  form.elements.signature.value = kept.signature
  ready(state)
}

async function ask(survey, { code, blinded }) {
  const answer = await fetch(`/surveys/${survey}/tickets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ invitation: code, blinded }),
    credentials: 'omit',
  })
  if (answer.status >= 500) return { refused: 'trouble' }
  return answer.json()
}

function ready(state) {
  tell(state, 'ready')
  document.getElementById('by-slip').hidden = true
}

function tell(state, word) {
  const name = word.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())
  state.textContent = state.dataset[name] ?? state.dataset.trouble
  state.classList.toggle('wrong', word !== 'ready' && word !== 'making')
  state.hidden = false
}
