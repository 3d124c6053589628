/** FNV-1a over a text with two seeds: 16 hexadecimal digits, the same in every turn. */
export function hashText(text: string): string {
  return [0x811c9dc5, 0x050c5d1f]
    .map((seed) => {
      let hash = seed;
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      return (hash >>> 0).toString(16).padStart(8, '0');
    })
    .join('');
}

/** A call's id within a provider's limit of characters: ids that are too long become a hash, the same in every turn. */
export function limitCallId(id: string, maxLength: number): string {
  return id.length <= maxLength ? id : `call_${hashText(id)}`;
}
