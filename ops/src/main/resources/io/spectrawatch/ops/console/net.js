// Asks the server; says what went wrong in a sentence.

async function answer(response) {
  const text = await response.text();
  let body = null;
  try {
    body = JSON.parse(text);
  } catch {
    body = {error: text};
  }
  if (!response.ok) {
    throw new Error(body.error || 'the exporter answered ' + response.status);
  }
  return body;
}

function path(name, parameters) {
  const query = new URLSearchParams();
  Object.entries(parameters || {}).forEach(([key, value]) => {
    if (value !== null && value !== undefined && value !== '') {
      query.set(key, value);
    }
  });
  const text = query.toString();
  return '/api/' + name + (text ? '?' + text : '');
}

export async function get(name, parameters) {
  let response;
  try {
    response = await fetch(path(name, parameters), {credentials: 'same-origin'});
  } catch {
    throw new Error('the exporter does not answer');
  }
  return answer(response);
}

/** Writes a note; the browser asks for the account where one is needed. */
export async function say(note) {
  return answer(await fetch('/api/notes', {
    method: 'POST',
    credentials: 'same-origin',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify(note),
  }));
}

/** Calls back whenever something has changed, and with whether the server can be heard. */
export function listen(changed, heard) {
  const events = new EventSource('/api/events');
  events.addEventListener('message', changed);
  events.addEventListener('open', () => heard(true));
  events.addEventListener('error', () => heard(false));
}
