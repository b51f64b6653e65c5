/**
 * Markup of pages: whatever is put into it is text, unless it is markup itself.
 */

/**
 * A piece of a page that is safe to show.
 *
 * @typedef {{ html: string }} Markup
 */

/**
 * The tag of template literals that makes markup. Texts and numbers in it are escaped, so that forgetting to do so cannot
 * happen; lists are put one after the other; null, undefined and false are nothing.
 *
 * @param {TemplateStringsArray} strings
 * @param {...unknown} values
 * @returns {Markup}
 */
function markup(strings, ...values) {
  return { html: strings.map((text, at) => text + (at < values.length ? markupOf_(values[at]) : '')).join('') };
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function markupOf_(value) {
  if (value === null || value === undefined || value === false) return '';
  if (Array.isArray(value)) return value.map(markupOf_).join('');
  if (typeof value === 'object' && 'html' in value) return String(value.html);
  return escaped(String(value));
}

/**
 * What somebody typed, for one place of a page: it keeps its own direction, cannot turn that of its neighbours, and is cut
 * where it would push everything else away.
 *
 * @param {unknown} value
 * @param {number} [most] characters
 * @returns {Markup}
 */
function typed(value, most = 200) {
  return markup`<bdi>${shortened(tamed(value), most)}</bdi>`;
}

/**
 * A text without the signs that turn the direction of what follows them, and without those that no eye sees.
 *
 * @param {unknown} value
 * @returns {string}
 */
function tamed(value) {
  return String(value ?? '').replace(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069\ufeff]/g, '');
}

/**
 * @param {string} text
 * @param {number} most characters
 * @returns {string}
 */
function shortened(text, most) {
  const signs = text.length > most ? Array.from(text.slice(0, most * 2 + 2)) : [];
  return signs.length > most
    ? `${signs
        .slice(0, most - 1)
        .join('')
        .trimEnd()}\u2026`
    : text;
}

/**
 * The accent, or a darker one of its kind: white text on it has a contrast of 4.5 at least.
 *
 * @param {string} color such as #2E9E6B
 * @returns {string}
 */
function inkOf(color) {
  const parts = (/^#(..)(..)(..)$/.exec(color) ?? ['', '1f', '29', '33']).slice(1).map((part) => parseInt(part, 16));
  for (let share = 1; share > 0; share -= 0.05) {
    const darker = parts.map((part) => Math.round(part * share));
    if (contrastWithWhite_(darker) >= 4.5)
      return `#${darker.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  }
  return '#000000';
}

/**
 * As WCAG 2 measures it.
 *
 * @param {number[]} parts red, green, blue; 0 to 255
 * @returns {number}
 */
function contrastWithWhite_(parts) {
  const [red, green, blue] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}
