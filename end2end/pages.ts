/** A page that everybody may open. */
export type Page = {
  /** Short name, for titles of tests and names of pictures. */
  name: string;
  /** Path without the language in front. */
  path: string;
  /** Answer expected; 200 unless told. */
  status?: number;
};

/** The languages; each is the first part of a path. */
export const languages = ['ko', 'en'] as const;
export type Language = (typeof languages)[number];

/** Every public page. A new page is added here and is then tested like all others. */
export const pages: Page[] = [
  { name: 'home', path: '/' },
  { name: 'search', path: '/search' },
  { name: 'search-found', path: `/search?q=${encodeURIComponent('여권')}` },
  { name: 'search-nothing', path: '/search?q=zzzzzz' },
  { name: 'categories', path: '/categories' },
  { name: 'category', path: '/categories/identity-travel' },
  { name: 'life-events', path: '/life-events' },
  { name: 'life-event', path: '/life-events/birth' },
  { name: 'services', path: '/services' },
  { name: 'service', path: '/services/passport' },
  { name: 'service-long', path: '/services/childbirth-bundle' },
  { name: 'service-start', path: '/services/passport/start' },
  { name: 'sign-in', path: '/sign-in' },
  { name: 'sign-up', path: '/sign-up' },
  { name: 'reset', path: '/reset' },
  { name: 'reset-sent', path: '/reset/sent' },
  { name: 'reset-over', path: '/reset/no-such-link', status: 410 },
  { name: 'signed-out', path: '/signed-out' },
  { name: 'staff-sign-in', path: '/staff/sign-in' },
  { name: 'messages', path: '/sandbox/messages' },
  { name: 'design', path: '/design' },
  { name: 'help', path: '/help' },
  { name: 'privacy', path: '/privacy' },
  { name: 'accessibility', path: '/accessibility' },
  { name: 'licences', path: '/licences' },
  { name: 'not-found', path: '/no-such-page', status: 404 },
];

/** The address of a page in a language. */
export function address(language: Language, page: Page): string {
  return page.path === '/' ? `/${language}` : `/${language}${page.path}`;
}

/** Every page in every language, for tests that are the same for all. */
export const everyPage = languages.flatMap((language) =>
  pages.map((page) => ({ language, page, url: address(language, page), title: `${language} ${page.name}` })),
);
