// @ts-check
// What a test asks a page about itself. Runs inside the page, as `probe.*`; answers with short sentences, none if all is well.

/** @param {Element} element */
const nameOf = (element) => {
  const words = element.getAttribute('aria-label') ?? element.textContent ?? ''
  return `<${element.localName}${element.id && `#${element.id}`}> ${words.trim().replace(/\s+/g, ' ').slice(0, 40)}`
}

/** @param {Element} element */
const isShown = (element) =>
  element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0

/** Moved out of sight until it has the focus, or for screen readers only. @param {Element} element */
const isUnseen = (element) => {
  const { width, height, right, bottom } = element.getBoundingClientRect()
  return width <= 1 || height <= 1 || right <= 0 || bottom <= 0
}

const controls = () =>
  /** @type {HTMLElement[]} */ ([
    ...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary'),
  ]).filter((one) => isShown(one) && !one.matches('[aria-hidden=true][tabindex="-1"]'))

/** A link within a sentence: its size follows its line (WCAG 2.2, 2.5.8, exception "inline"). @param {Element} element */
const isInSentence = (element) => {
  const around = element.closest('p, dd, li, label, td, span')
  if (element.localName !== 'a' || getComputedStyle(element).display !== 'inline' || !around) return false
  return (around.textContent ?? '').trim().length > (element.textContent ?? '').trim().length + 3
}

/** A tick is as large as its label. @param {HTMLElement} element */
const targetOf = (element) => {
  const label = element instanceof HTMLInputElement && /radio|checkbox/.test(element.type) && element.labels?.[0]
  return (label || element).getBoundingClientRect()
}

const probe = {
  frame() {
    const found = []
    const count = (/** @type {string} */ selector) => document.querySelectorAll(selector).length
    if (count('h1') !== 1) found.push(`${count('h1')} headings of level 1`)
    if (count('main') !== 1) found.push(`${count('main')} main landmarks`)
    if (!/^.{3,} – .{3,}$|official|oficial/.test(document.title)) found.push(`the title is "${document.title}"`)
    const { lang } = document.documentElement
    if (lang !== (location.pathname.split('/')[1] === 'es' ? 'es' : 'en')) found.push(`the language is "${lang}"`)
    const zoom = document.querySelector('meta[name=viewport]')?.getAttribute('content') ?? ''
    if (!zoom.includes('width=device-width') || /user-scalable|maximum-scale/.test(zoom)) found.push(`zoom: ${zoom}`)
    return found
  },

  /** Nothing but what scrolls by itself may stick out at the side. */
  sideways() {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const out = [...document.body.querySelectorAll('*')].filter(
      (element) => isShown(element) && element.getBoundingClientRect().right > clientWidth + 1,
    )
    return [`${scrollWidth} wide in ${clientWidth}: ${out.slice(-2).map(nameOf).join('; ')}`]
  },

  /** The distances that WCAG 1.4.12 lets a reader set. */
  spaceText() {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(
      '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }',
    )
    const before = document.adoptedStyleSheets
    document.adoptedStyleSheets = [...before, sheet]
    const found = [...probe.sideways(), ...probe.cut()]
    document.adoptedStyleSheets = before
    return found
  },

  cut() {
    return [...document.body.querySelectorAll('*')]
      .filter((element) => {
        const { overflowX, overflowY } = getComputedStyle(element)
        const cutsX = /hidden|clip/.test(overflowX) && element.scrollWidth > element.clientWidth + 1
        const cutsY = /hidden|clip/.test(overflowY) && element.scrollHeight > element.clientHeight + 1
        return (cutsX || cutsY) && element.textContent?.trim() !== '' && !element.classList.contains('unseen')
      })
      .filter((element) => isShown(element) && !isUnseen(element) && !element.closest('svg'))
      .map((element) => `cut off: ${nameOf(element)}`)
  },

  /** @param {{ least: number, main: number }} sizes in CSS pixels; `main` is for what one comes to do */
  targets({ least, main }) {
    return controls()
      .filter((element) => !isUnseen(element) && !isInSentence(element))
      .flatMap((element) => {
        const { width, height } = targetOf(element)
        const isMain = element.matches('main button, main input:not([type=radio], [type=checkbox]), main select')
        const wanted = isMain ? main : least
        const isSmall = Math.min(Math.round(width), Math.round(height)) < wanted
        return isSmall ? [`${Math.round(width)} x ${Math.round(height)}: ${nameOf(element)}`] : []
      })
  },

  /** Each control, or the box drawn around it, shows that it has the focus. To be asked after the Tab key was pressed once. */
  focus() {
    return controls().flatMap((element) => {
      if (element.matches(':disabled')) return []
      element.focus()
      if (document.activeElement !== element) return [`takes no focus: ${nameOf(element)}`]
      const shows = [element, element.parentElement ?? element].some((one) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one)
        return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none'
      })
      return shows && !isUnseen(element) ? [] : [`focus is not seen: ${nameOf(element)}`]
    })
  },

  /** Where the reader's colors rule, backgrounds and shadows are gone: an edge must be left. */
  edges() {
    return controls()
      .filter((element) => element.matches('button, input:not([type=radio], [type=checkbox]), select, textarea'))
      .filter((element) => {
        if (getComputedStyle(element).textDecorationLine.includes('underline')) return false
        return [element, element.parentElement ?? element].every((one) => {
          const { borderBottomStyle, borderBottomWidth } = getComputedStyle(one)
          return borderBottomStyle === 'none' || parseFloat(borderBottomWidth) === 0
        })
      })
      .map((element) => `no edge: ${nameOf(element)}`)
  },

  moves() {
    const seconds = (/** @type {string} */ times) => Math.max(...times.split(',').map(parseFloat))
    return [...document.querySelectorAll('*')]
      .filter((element) => {
        const { animationName, animationDuration, transitionDuration, scrollBehavior } = getComputedStyle(element)
        const isAnimated = animationName !== 'none' && seconds(animationDuration) > 0.01
        return isAnimated || seconds(transitionDuration) > 0.01 || scrollBehavior === 'smooth'
      })
      .map((element) => `moves: ${nameOf(element)}`)
  },

  /** On paper nothing is left to press. */
  paper() {
    return [...document.querySelectorAll('nav, form[role=search], .skip, main form button')]
      .filter(isShown)
      .map((element) => `on paper: ${nameOf(element)}`)
  },
}

Object.assign(globalThis, { probe })
