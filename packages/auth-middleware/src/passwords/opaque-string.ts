/**
 * A password as it is compared: the OpaqueString profile of RFC 8265, section 4.2, as far as it maps. Keyboards spell one and
 * the same password differently: `é` in one character or two, a space that does not break. Every space of another kind becomes
 * U+0020 (rule 2), and the whole is in NFC (rule 4); nothing else is altered, case and width least of all. No character is
 * refused for its class, though the profile would: it forbids controls and, as unassigned, each year's new emoji, which one
 * node's Unicode tables know and another's do not; and OWASP ASVS 6.2.5 asks for passwords of any composition.
 */
export const opaqueString = (text: string): string => text.replace(/\p{Zs}/gu, ' ').normalize('NFC')
