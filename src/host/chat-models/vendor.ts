/** The name under which the editor knows Portside's models, as package.json declares it. */
export const CHAT_VENDOR = 'portside';
