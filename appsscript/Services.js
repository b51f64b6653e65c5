/**
 * Google's services for all that is handed them, and the types of what they are to the rest of the script.
 *
 * @scope https://www.googleapis.com/auth/spreadsheets.currentonly
 * @scope https://www.googleapis.com/auth/script.container.ui
 * @scope https://www.googleapis.com/auth/userinfo.email
 */

/**
 * What the script needs of the world. Each is a function, as getting one may cost a call or need consent.
 *
 * @typedef {object} Services
 * @property {() => GoogleAppsScript.Base.Ui} ui
 * @property {() => GoogleAppsScript.Spreadsheet.Spreadsheet} spreadsheet
 * @property {(html: string) => GoogleAppsScript.HTML.HtmlOutput} page
 * @property {(name: string) => string} file the text of a page's part, one of the HTML files of this script
 * @property {() => Book} book the tables, each read once a run
 * @property {() => Date} now
 * @property {() => string} random another UUID at each call
 * @property {() => string} user e-mail address of whoever it runs for; "" where Google does not say
 * @property {(milliseconds: number) => void} sleep
 * @property {(text: string) => void} toast a short message in a corner of the sheet
 * @property {() => Store} store
 * @property {() => Lock} lock
 * @property {() => Triggers} triggers
 * @property {() => Mailer} mail
 * @property {() => Inbox} inbox
 * @property {() => Web} web
 * @property {(text: string, secret: string) => string} sign HMAC-SHA-256 in hexadecimal digits
 */

/**
 * What outlives a run.
 *
 * @typedef {object} Store
 * @property {(key: string) => string | null} get
 * @property {(key: string, text: string) => void} set
 * @property {(key: string) => void} remove
 * @property {() => string[]} keys of all that is in it
 * @property {(key: string, text: string) => void} mark a note on the spreadsheet itself, which every program can read
 */

/**
 * One run at a time for all people of a CRM.
 *
 * @typedef {object} Lock
 * @property {(milliseconds: number) => boolean} take whether it was free within that time
 * @property {() => void} free
 */

/**
 * What runs by itself, of the one who asks: Google shows nobody another one's.
 *
 * @typedef {object} Triggers
 * @property {() => {id: string, entry: string}[]} list
 * @property {(entry: string) => void} make every hour
 * @property {(id: string) => void} remove
 */

/**
 * @typedef {object} Mailer
 * @property {() => number} left recipients that may get mail today
 * @property {(mail: {to: string, subject: string, text: string, html: string, name: string, replyTo: string}) => void} send
 */

/**
 * @typedef {object} Inbox
 * @property {(moment: Date, until: Date | null) => {from: string, subject: string, text: string, date: Date}[]} since
 *   the letters from a moment on, all of them or those before another moment
 */

/**
 * @typedef {object} Web
 * @property {(asked?: boolean) => string} url of the script's own page, which may be `asked` for just now; "" for none
 * @property {(html: string) => GoogleAppsScript.HTML.HtmlOutput} answer
 */

/**
 * The real ones.
 *
 * @returns {Services}
 */
function services() {
  const spreadsheet = () => SpreadsheetApp.getActiveSpreadsheet();
  /** @type {Book | null} */
  let book = null;
  return {
    ui: () => SpreadsheetApp.getUi(),
    spreadsheet,
    page: (html) => HtmlService.createHtmlOutput(html),
    file: (name) => HtmlService.createHtmlOutputFromFile(name).getContent(),
    book: () => {
      book = book ?? makeBook(sheetFinder(spreadsheet, () => SpreadsheetApp.flush(), CONFIG), CONFIG, bookClock());
      return book;
    },
    now: () => new Date(),
    random: () => Utilities.getUuid(),
    user: currentUser_,
    sleep: (milliseconds) => Utilities.sleep(milliseconds),
    toast: (text) => spreadsheet().toast(text, CONFIG.name),
    store: () => storeService(),
    lock: () => lockService(),
    triggers: () => triggersService(),
    mail: () => mailService(),
    inbox: () => inboxService(),
    web: () => webService(CONFIG),
    sign: (text, secret) => signService(text, secret),
  };
}

/**
 * The same for what people do at the open sheet. Where nobody is, as on the script's page on the web, Google refuses the
 * interface, before anything is read.
 *
 * @returns {Services}
 */
function servicesAtSheet_() {
  const made = services();
  made.ui();
  return made;
}

/**
 * The same for what the clock calls, or somebody at the sheet. Nobody else knows the id of a trigger.
 *
 * @param {{triggerUid?: unknown}} [event]
 * @returns {Services}
 */
function servicesOfClock_(event) {
  const id = event?.triggerUid;
  const ours = typeof id === 'string' && services().triggers().list().some((one) => one.id === id);
  return ours ? services() : servicesAtSheet_();
}

/**
 * What a book needs besides its sheets.
 *
 * @returns {BookClock}
 */
function bookClock() {
  return { now: () => new Date(), random: () => Utilities.getUuid() };
}

/**
 * Where somebody edits a sheet without having consented to anything, Google may refuse to say who it is.
 *
 * @returns {string}
 */
function currentUser_() {
  try {
    return Session.getEffectiveUser().getEmail();
  } catch (_refused) {
    return '';
  }
}
