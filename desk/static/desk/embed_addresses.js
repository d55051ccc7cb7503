// Addresses of embeds: those of the providers that newsroom/text/embeds.py allows, in one canonical form.
// The embed at an address, by the same patterns as the server's; null for any other.
export function findEmbed(providers, text) {
  let url;
  try { url = new URL(text.trim()); } catch { return null; }
  if (!/^https?:$/.test(url.protocol) || url.username) return null;
  let address = url.hostname.replace(/^(?:www|m|mobile)\./, "") + url.pathname.replace(/\/+$/, "");
  const video = url.searchParams.get("v");
  if (video && address.endsWith("/watch")) address += `?v=${video}`;
  for (const { name, patterns, address: template } of providers) {
    for (const pattern of patterns) {
      const match = new RegExp(`^(?:${pattern})$`).exec(address);
      if (match) return { name, url: template.replace(/\{(\w+)\}/g, (_, group) => match.groups[group]) };
    }
  }
  return null;
}
