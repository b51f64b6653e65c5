/**
 * What would be sent and what not, as a mail to whoever asked: for phones, where no page can be shown.
 */

/** So many lines are written out of each kind. */
const PREVIEW_LINES = 50;

/**
 * @param {Config} config
 * @param {Explanation[]} told
 * @param {string} reader address
 * @param {Date} now
 * @param {string} link to the sheet
 * @returns {Message}
 */
function previewMessage(config, told, reader, now, link) {
  const words = config.words.preview_mail;
  const subject = filled(words.subject, config.name);
  const html = [`<h1 style="font-size:17px;margin:0 0 4px">${escaped(subject)}</h1>`];
  const plain = [subject];
  if (!told.length) {
    html.push(`<p>${escaped(words.none)}</p>`);
    plain.push(words.none);
  }
  for (const send of [true, false]) {
    const own = told.filter((one) => (one.decision === 'send') === send);
    if (!own.length) continue;
    const number = numberText(own.length, config.digits);
    const heading = send ? filled(words.would, number) : filled(words.not, number);
    const parts = own.slice(0, PREVIEW_LINES).map((one) => {
      const step = `${one.sequence} ${numberText(one.step, config.digits)}`;
      return [one.name || one.contact, one.to, step, one.why].map(digestText_).filter(Boolean);
    });
    const more = own.length - parts.length;
    const rest = more ? filled(words.more, numberText(more, config.digits)) : '';
    const items = parts.map((line) => `<li>${line.map((part) => `<bdi>${escaped(part)}</bdi>`).join(' &#183; ')}</li>`);
    html.push(`<h2 style="font-size:15px;margin:16px 0 4px">${escaped(heading)}</h2>`);
    html.push(`<ul style="margin:0;padding-inline-start:20px">${items.join('')}</ul>`);
    if (rest) html.push(`<p style="margin:4px 0">${escaped(rest)}</p>`);
    plain.push('', heading, ...parts.map((line) => `- ${line.join(' \u00b7 ')}`));
    if (rest) plain.push(rest);
  }
  return {
    // Asked for again it comes again; a run that was killed and tries once more in the same minute sends it once.
    key: `report:preview-${Math.floor(now.getTime() / 60000)}:${reader.toLowerCase()}`,
    to: reader,
    contact: '',
    template: 'preview',
    internal: true,
    subject,
    text: [...plain, '', `${words.open}: ${link}`].join('\n'),
    html: teamMailHtml(config, html.join(''), words.open, link),
  };
}
