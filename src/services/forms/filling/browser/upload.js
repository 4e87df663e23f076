// @ts-check
// Files go up while she writes on, each with its progress; what has come is kept as a mark in the form, as after any post.

/** @param {{ form: HTMLFormElement, words: any, live: HTMLElement }} page */
export function uploadAhead({ form, words, live }) {
  const input = form.querySelector('input[type=file]')
  if (!(input instanceof HTMLInputElement)) return
  const list = document.createElement('ul')
  list.className = 'uploads plain'
  input.after(list)
  /** @type {Set<XMLHttpRequest>} */
  const underWay = new Set()
  /** @type {HTMLElement | null | undefined} */
  let waiting
  input.addEventListener('change', () => {
    for (const file of input.files ?? []) send(file)
    input.value = ''
  })
  form.addEventListener('submit', (event) => {
    if (underWay.size === 0 || event.defaultPrevented) return
    event.preventDefault()
    waiting = event.submitter
    live.textContent = words.uploadWait
  })
  setTimeout(warn, words.warnMinutes * 60_000)

  /** @param {File} file */
  function send(file) {
    const line = document.createElement('li')
    const [name, bar, says] = [
      document.createElement('span'),
      document.createElement('progress'),
      document.createElement('span'),
    ]
    name.textContent = file.name
    bar.max = 100
    bar.value = 0
    bar.setAttribute('aria-label', file.name)
    says.className = 'soft'
    const request = post([[input?.name ?? '', file]], done, (why) => fail(why))
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      bar.value = total > 0 ? Math.round((loaded / total) * 100) : 0
      says.textContent = `${bar.value} %`
    })
    const stop = button(
      words.uploadCancel,
      () => {
        request.abort()
        line.remove()
        live.textContent = words.uploadCancelled.replace('{name}', file.name)
        input?.focus()
      },
      'quiet',
    )
    stop.append(unseen(` ${file.name}`))
    line.append(name, ' ', bar, ' ', says, ' ', stop)
    list.append(line)
    live.textContent = words.uploadBegun.replace('{name}', file.name)

    /** @param {{ files: { value: string, label: string }[], wrong: string[] }} answer */
    function done({ files, wrong }) {
      if (wrong.length > 0) return fail(wrong.join(' '))
      line.remove()
      for (const one of files) keep(one)
      live.textContent = words.uploadDone.replace('{name}', file.name)
    }
    /** @param {string} why */
    function fail(why) {
      const again = button(
        words.uploadAgain,
        () => {
          line.remove()
          send(file)
          input?.focus()
        },
        'quiet',
      )
      again.append(unseen(` ${file.name}`))
      says.className = 'error'
      says.textContent = why || words.uploadFailed.replace('{name}', file.name)
      bar.remove()
      stop.replaceWith(again)
      live.textContent = says.textContent
    }
  }

  /**
   * @param {[string, string | File][]} fields
   * @param {(answer: { files: { value: string, label: string }[], wrong: string[] }) => void} done
   * @param {(why: string) => void} fail
   */
  function post(fields, done, fail) {
    const body = new FormData()
    body.append('token', new FormData(form).get('token') ?? '')
    for (const [name, value] of fields) body.append(name, value)
    const request = new XMLHttpRequest()
    underWay.add(request)
    request.addEventListener('loadend', () => {
      underWay.delete(request)
      if (underWay.size > 0 || waiting === undefined) return
      const submitter = waiting
      waiting = undefined
      form.requestSubmit(submitter)
    })
    request.addEventListener('load', () => (request.status === 200 ? done(JSON.parse(request.responseText)) : fail('')))
    request.addEventListener('error', () => fail(''))
    request.open('POST', words.filesAddress)
    request.send(body)
    return request
  }

  /** @param {{ value: string, label: string }} file */
  function keep({ value, label }) {
    const box = form.querySelector('.kept') ?? begin()
    const part = document.createElement('div')
    part.className = 'usa-checkbox'
    const [mark, says] = [document.createElement('input'), document.createElement('label')]
    mark.type = 'checkbox'
    mark.checked = true
    mark.name = `${input?.name}-kept`
    mark.value = value
    mark.id = `${mark.name}-${box.querySelectorAll('input').length}`
    mark.className = 'usa-checkbox__input'
    says.className = 'usa-checkbox__label'
    says.htmlFor = mark.id
    says.textContent = label
    part.append(mark, says)
    box.append(part)
    form.dispatchEvent(new Event('input', { bubbles: true }))
  }

  function begin() {
    const box = document.createElement('fieldset')
    box.className = 'usa-fieldset kept'
    const legend = document.createElement('legend')
    legend.textContent = words.kept
    box.append(legend)
    input?.before(box)
    return box
  }

  /** Files wait for half a day. Before that is over she is told, and can have it begin anew. */
  function warn() {
    const marks = () => [...form.querySelectorAll('.kept input')].filter((one) => one instanceof HTMLInputElement)
    if (marks().length === 0) return
    const part = document.createElement('p')
    part.setAttribute('role', 'alert')
    part.append(`${words.keptSoon} `, button(words.keptLonger, renew, 'quiet'))
    form.querySelector('.kept')?.before(part)
    function renew() {
      const now = marks()
      post(
        now.map((one) => [one.name, one.value]),
        ({ files }) => {
          for (const [at, one] of now.entries()) if (files[at]) one.value = files[at].value
          part.textContent = words.keptRenewed
          setTimeout(warn, words.warnMinutes * 60_000)
        },
        () => (part.textContent = words.uploadFailed.replace('{name}', '')),
      )
    }
  }
}

/** @param {string} text */
function unseen(text) {
  const part = document.createElement('span')
  part.className = 'unseen'
  part.textContent = text
  return part
}
