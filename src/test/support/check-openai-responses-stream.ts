/** The outline of Responses streams (platform.openai.com/docs/api-reference/responses-streaming). */
import type { WireEvent } from './scripted-answer';
import { member, newReading, readData, textMember } from './stream-reading';
import type { StreamReading } from './stream-reading';

const TERMINAL = ['response.completed', 'response.failed', 'response.incomplete', 'error'];

/** Complains of wrong event names, gaps in the sequence numbers, and anything but one terminal event at the end. */
export function checkOpenaiResponsesStream(events: WireEvent[]): StreamReading {
  const reading = newReading();
  const complain = (text: string) => reading.complaints.push(text);
  let last = -1;
  let ended = false;
  for (const [position, event] of events.entries()) {
    const data = readData(event, reading);
    if (!data) continue;
    const type = textMember(data, 'type');
    if (event.event !== type) complain(`event ${event.event} carries type ${type}`);
    // OpenAI itself sends `error` and then `response.failed`.
    const failed = type === 'response.failed' && reading.stop === 'error';
    if (ended && !failed) complain(`${type} after the end`);
    if (position === 0 && type !== 'response.created' && type !== 'error') complain(`${type} is first`);
    if (typeof data.sequence_number !== 'number') complain(`${type} lacks a sequence_number`);
    // Whoever ends a broken stream of somebody else does not know its numbers.
    else if (data.sequence_number <= last && type !== 'error' && type !== 'response.failed')
      complain(`sequence_number ${data.sequence_number} after ${last}`);
    else last = data.sequence_number;
    if (type === 'response.output_text.delta') reading.text += textMember(data, 'delta');
    if (type === 'response.output_item.done') {
      const item = member(data, 'item');
      if (item.type === 'function_call')
        reading.calls.push({
          id: textMember(item, 'call_id'),
          name: textMember(item, 'name'),
          input: textMember(item, 'arguments'),
        });
    }
    if (!TERMINAL.includes(type)) continue;
    ended = true;
    reading.stop = type;
    if (type === 'error') reading.error = textMember(data, 'message');
    if (type === 'response.failed')
      reading.error = textMember(member(member(data, 'response'), 'error'), 'message');
    if (type === 'response.completed') reading.usage = member(member(data, 'response'), 'usage');
  }
  if (!ended) complain('no terminal event');
  return reading;
}
