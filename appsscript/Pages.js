/**
 * What all pages have in common: the frame in the language's direction, fields, buttons, places for answers.
 */

/**
 * A page. `menu`: the item of the menu that shows it; `sheet`: the key of the table where the same can be done by typing.
 *
 * @typedef {object} Page
 * @property {string} title
 * @property {Markup} body
 * @property {Markup} [result] what its place for answers shows from the beginning
 * @property {string} menu
 * @property {string} [sheet]
 * @property {number} [width] pixels, for a dialog; a sidebar where there is none
 * @property {number} [height]
 */

/**
 * A whole page. What it does in the browser stands in pages/Client, how it looks in pages/Style.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Page} page
 * @returns {string}
 */
function pageHtml(services, config, page) {
  const words = config.words.page;
  const path = `${config.words.menu.title} \u203a ${page.menu}`;
  const ways = [filled(words.accounts, path), page.sheet ? filled(words.typing, sheetTitle(config, page.sheet)) : ''];
  const numbers = config.digits === 'persian' ? 'persian' : 'decimal';
  const look = `--accent:${inkOf(config.accent)};--soft:${softOf(config.accent)};--numbers:${numbers}`;
  const whole = markup`<!DOCTYPE html>
<html lang="${config.language}" dir="${config.direction}" style="${look}">
<head>
<base target="_top"><meta charset="utf-8"><title>${page.title}</title>
${fromFile_(services, 'pages/Style')}
</head>
<body data-pass="${pagePass(services)}" data-working="${words.working}" data-unsaved="${words.unsaved}"
  data-failed="${words.failed}" data-accounts="${ways.filter(Boolean).join(' ')}">
<main id="page" tabindex="-1" aria-label="${page.title}">${page.body}
<div id="asked" role="alertdialog" aria-labelledby="asked-text" hidden>
<p id="asked-text"></p><div class="buttons"><button type="button"></button><button type="button"></button></div>
</div>
<div id="result">${page.result}</div>
</main>
${fromFile_(services, 'pages/Client')}
</body></html>`;
  return whole.html;
}

/**
 * What pages show with each question, and nobody has who was not shown one.
 *
 * @param {Services} services
 * @returns {string}
 */
function pagePass(services) {
  const store = services.store();
  let secret = store.get(SET_UP_KEYS.secret);
  if (!secret) {
    const lock = services.lock();
    const held = lock.take(RUN_PATIENCE); // two that open a page at once are to come to the same secret
    secret = makeSecret(services);
    if (held) lock.free();
  }
  // No address of a mail is signed as this.
  return services.sign('page', secret);
}

/**
 * @param {Services} services
 * @param {string} name
 * @returns {Markup}
 */
function fromFile_(services, name) {
  return { html: services.file(name) };
}

/**
 * How a sheet is called, as the description says.
 *
 * @param {Config} config
 * @param {string} key
 * @returns {string}
 */
function sheetTitle(config, key) {
  return sheetConfig(config, key)?.title ?? key;
}

/**
 * A form that is sent to an action of the pages. Each has a token of its own, by which a second click is known.
 *
 * @param {string} action
 * @param {string} token "" for one that changes nothing
 * @param {Markup | Markup[]} fields
 * @param {string} button
 * @param {Markup} [more] further buttons
 * @returns {Markup}
 */
function formMarkup(action, token, fields, button, more) {
  const marked = token ? markup` data-token="${token}"` : '';
  const foot = footMarkup(markup`<button type="submit" class="main">${button}</button>${more}`);
  return markup`<form data-action="${action}"${marked} novalidate autocomplete="off">${fields}${foot}</form>`;
}

/**
 * The foot of a page, always in sight: what the script says, and buttons.
 *
 * @param {Markup} buttons
 * @returns {Markup}
 */
function footMarkup(buttons) {
  const said = markup`<p id="said" role="status" aria-live="polite"></p>`;
  return markup`<div class="foot">${said}<div class="buttons">${buttons}</div></div>`;
}

/**
 * A button that asks the script for something.
 *
 * @param {string} action
 * @param {Record<string, string>} data
 * @param {string} title
 * @param {string} [look] class
 * @returns {Markup}
 */
function buttonMarkup(action, data, title, look = '') {
  const asks = markup`data-action="${action}" data-data="${JSON.stringify(data)}"`;
  return markup`<button type="button" class="${look}" ${asks}>${title}</button>`;
}

/**
 * @param {Config} config
 * @returns {Markup}
 */
function closeButton(config) {
  return markup`<button type="button" data-close>${config.words.page.close}</button>`;
}

/**
 * A field with its label, its hint and the place for what is wrong with it.
 *
 * @param {Config} config
 * @param {Field} field
 * @returns {Markup}
 */
function fieldMarkup(config, field) {
  const id = `f-${field.name}`;
  const hint = field.kind === 'date' ? dateHint_(config) : field.hint;
  const hinted = hint ? markup`<small id="${id}-hint" dir="auto">${hint}</small>` : '';
  const about = markup`${hinted}<p class="error" id="${id}-error"></p>`;
  const described = markup`aria-describedby="${hint ? `${id}-hint ` : ''}${id}-error"`;
  const needed = field.needed ? markup` aria-required="true"` : '';
  const names = markup`id="${id}" name="${field.name}" ${described}${needed}`;
  const star = field.needed && field.kind !== 'choice' ? markup` <span class="needed" aria-hidden="true">*</span>` : '';
  const label = markup`<label for="${id}">${typed(field.label, 80)}${star}</label>`;
  if (field.kind === 'checkbox') {
    const ticked = field.value === true ? markup` checked` : '';
    return markup`<div class="field tick"><input type="checkbox" ${names}${ticked}>${label}${about}</div>`;
  }
  return markup`<div class="field">${label}${controlMarkup_(config, field, names)}${about}</div>`;
}

/**
 * @param {Config} config
 * @param {Field} field
 * @param {Markup} names attributes
 * @returns {Markup}
 */
function controlMarkup_(config, field, names) {
  const value = tamed(field.value);
  const longest = markup`maxlength="${FIELD_LENGTHS[field.kind] ?? FIELD_LENGTHS.text}"`;
  if (field.kind === 'long_text') return markup`<textarea ${names} ${longest} dir="auto" rows="3">${value}</textarea>`;
  if (field.kind === 'choice') {
    const options = (field.options ?? []).map((option) => {
      const chosen = option === value ? markup` selected` : '';
      return markup`<option value="${option}"${chosen}>${shortened(tamed(option), 80)}</option>`;
    });
    return markup`<select ${names}>${field.needed ? '' : markup`<option value=""></option>`}${options}</select>`;
  }
  if (field.kind === 'person') {
    const list = `f-${field.name}-list`;
    const box = markup`role="combobox" aria-autocomplete="list" aria-expanded="false" aria-controls="${list}"`;
    const shown = markup`dir="auto" value="${value}" placeholder="${config.words.form.person}"`;
    return markup`<input type="text" ${names} ${longest} ${box} ${shown}>
<ul role="listbox" id="${list}" aria-label="${field.label}" hidden></ul>`;
  }
  if (field.kind === 'date' && config.calendar !== 'jalali')
    return markup`<input type="date" ${names} value="${value}">`;
  const [type, keys, direction] = CONTROLS[field.kind] ?? CONTROLS.text;
  const keyboard = keys ? markup` inputmode="${keys}"` : '';
  return markup`<input type="${type}"${keyboard} ${names} ${longest} dir="${direction}" value="${value}">`;
}

/** What each kind of field is in HTML: type, keyboard of a phone, direction. Numbers are text: people type Persian digits. */
const CONTROLS = /** @type {Record<string, [string, string, string]>} */ ({
  text: ['text', '', 'auto'],
  email: ['email', '', 'ltr'],
  phone: ['tel', '', 'ltr'],
  url: ['url', '', 'ltr'],
  number: ['text', 'decimal', 'ltr'],
  date: ['text', 'numeric', 'ltr'],
});

/**
 * @param {Config} config
 * @returns {string} nothing where the browser has a calendar of the CRM's kind
 */
function dateHint_(config) {
  return config.calendar === 'jalali' ? filled(config.words.form.date_hint, dateExample_(config)) : '';
}

/**
 * A pale one of the accent's kind, for what is chosen.
 *
 * @param {string} color
 * @returns {string}
 */
function softOf(color) {
  return `color-mix(in srgb, ${inkOf(color)} 12%, #fff)`;
}
