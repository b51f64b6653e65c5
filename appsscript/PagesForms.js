/**
 * The pages with a form for a new row: lead, interaction, task.
 */

/**
 * @param {Services} services
 * @param {Config} config
 * @returns {Page}
 */
function leadPage(services, config) {
  const words = config.words.lead;
  return formPage_(services, config, 'lead', 'addLead', words.title, words.save, config.words.menu.add_lead, {
    owner: memberName(services, config),
  });
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {string} customer the reference that is filled in; "" for none
 * @returns {Page}
 */
function interactionPage(services, config, customer) {
  const words = config.words.interaction;
  const today = dayOfMoment(services.now());
  const date = config.calendar === 'jalali' ? dayLine(config, today) : isoText(today); // the browser's calendar takes no other
  const values = { customer, date, owner: memberName(services, config) };
  return formPage_(
    services,
    config,
    'interaction',
    'logInteraction',
    words.title,
    words.save,
    config.words.menu.log_interaction,
    values,
  );
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {string} customer the reference that is filled in; "" for none
 * @returns {Page}
 */
function taskPage(services, config, customer) {
  const words = config.words.task;
  return formPage_(services, config, 'task', 'newTask', words.title, words.save, config.words.menu.new_task, {
    customer,
    assignee: memberName(services, config),
  });
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {string} form a key of FORMS
 * @param {string} action
 * @param {string} title
 * @param {string} button
 * @param {string} menu
 * @param {Record<string, string>} values
 * @returns {Page}
 */
function formPage_(services, config, form, action, title, button, menu, values) {
  const sheet = FORMS[form].table;
  const fields = formFields(config, services.book(), form, values);
  const gone = markup`<p>${filled(config.words.form.gone, sheetTitle(config, sheet))}</p>${footMarkup(closeButton(config))}`;
  const shown = fields.map((field) => fieldMarkup(config, field));
  const body = fields.length ? formMarkup(action, services.random(), shown, button, closeButton(config)) : gone;
  return { title, body, menu, sheet };
}

/**
 * The member of the team who has the page open.
 *
 * @param {Services} services
 * @param {Config} config
 * @returns {string} "" for somebody else
 */
function memberName(services, config) {
  const user = services.user().toLowerCase();
  const team = /** @type {{name: string, email: string}[]} */ (config.team);
  return team.find((member) => user !== '' && member.email.toLowerCase() === user)?.name ?? '';
}
