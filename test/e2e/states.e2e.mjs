// What axe finds in every kind of state a figure can be in, in each theme. The list is written out: a state that is not here is not claimed.

const udp = 'flannel-udp;frontend-1-to-backend-2;'
const vxlan = 'flannel-vxlan;frontend-1-to-backend-2;'
const TUNNEL = `${vxlan};node-1/flannel.1 tunnel`
const tab =
  (name) =>
  async ({ figure }) => {
    // On a phone the thumb opens the drawer first.
    const bytes = figure.getByRole('button', { name: 'bytes', exact: true })
    const it = figure.getByRole('tab', { name })
    if ((await it.isHidden()) && (await bytes.isVisible())) await bytes.click()
    if ((await it.getAttribute('aria-selected')) !== 'true') await it.click()
  }
const end = async ({ page, figure }) => {
  await figure.focus()
  await page.keyboard.press('End')
}
const answer = async ({ page, figure }) => {
  await figure.focus()
  await page.keyboard.press('b')
  for (let i = 0; i < 6; i += 1) await page.keyboard.press('ArrowRight')
}
const press =
  (key) =>
  async ({ page, figure }) => {
    await figure.focus()
    await page.keyboard.press(key)
  }
const opened =
  (menu) =>
  ({ figure }) =>
    figure.locator(`[data-opens="${menu}"]`).click()
/** Name, link, what must be seen then (else the state is another), what is done there; `phone`: at 390 px too. */
const STATES = [
  {
    name: 'docker-bridge at rest',
    link: 'docker-bridge;frontend-1-to-host-2;;',
    sees: '[data-box="node-1/docker0"]',
  },
  {
    name: 'flannel-udp at rest',
    link: `${udp};`,
    sees: '[data-box="node-1/flannel0"]',
    phone: true,
  },
  { name: 'flannel-vxlan at rest', link: `${vxlan};`, sees: '[data-box="node-1/flannel.1"]' },
  {
    name: 'flannel-host-gw at rest',
    link: 'flannel-host-gw;frontend-1-to-backend-2;;',
    sees: 'select:has(option[value=flannel-host-gw]:checked)',
  },
  {
    name: 'vpc-cni at rest',
    link: 'vpc-cni;frontend-1-to-backend-2;;',
    sees: 'select:has(option[value=vpc-cni]:checked)',
    phone: true,
  },
  { name: 'in the tunnel', link: TUNNEL, sees: '[data-card] [data-kind=outer]' },
  {
    name: 'in user space',
    link: `${udp};node-1/flannel0 daemon`,
    sees: '[data-box][data-here=true]',
  },
  {
    name: 'in the VPC',
    link: `${vxlan};vpc/eni-node-1-eth0 vpc-encap`,
    sees: '[data-kind=hidden]',
    phone: true,
  },
  {
    name: 'at the last step',
    link: TUNNEL,
    act: end,
    sees: 'button[aria-label="Next step"][disabled]',
  },
  {
    name: 'dropped by AWS',
    link: 'flannel-udp;frontend-1-to-backend-2;stop-flanneld;',
    act: end,
    sees: '[data-live] b:has-text("Dropped:")',
    phone: true,
  },
  {
    name: 'dropped by the kernel',
    link: 'flannel-vxlan;frontend-1-to-backend-2;delete-fdb;',
    act: end,
    sees: '[data-live] b:has-text("Dropped:")',
  },
  {
    name: 'an ICMP error comes back',
    link: 'flannel-vxlan;large;lower-mtu;',
    act: end,
    sees: 'label[data-leg=back]',
  },
  {
    name: 'the answer is translated back',
    link: 'docker-bridge;frontend-1-to-host-2;;',
    act: answer,
    sees: 'label[data-leg=back]',
  },
  {
    name: 'every question of the kernel',
    link: `${TUNNEL}&f.view=1;kernel;`,
    sees: ':text-matches("of [2-9][0-9]$")',
  },
  {
    name: 'compared',
    link: `${udp};node-1/flannel0 daemon&f.view=1;story;vpc-cni`,
    sees: '[role=group][aria-label="Which of the two is seen"]',
    phone: true,
  },
  { name: 'a broken link', link: 'gone;x;y;z', sees: '[data-notice]', phone: true },
  // These leave something open: they come last, in this order.
  {
    name: 'tab Bytes',
    link: TUNNEL,
    act: tab('Bytes'),
    sees: '[role=tab][aria-selected=true]:has-text("Bytes")',
    phone: true,
  },
  {
    name: 'tab Tables',
    link: TUNNEL,
    act: tab('Tables'),
    sees: '[role=tab][aria-selected=true]:has-text("Tables")',
  },
  {
    name: 'tab Seen by',
    link: TUNNEL,
    act: tab('Seen by'),
    sees: '[role=tab][aria-selected=true]:has-text("Seen by")',
    phone: true,
  },
  {
    name: 'help',
    link: TUNNEL,
    act: press('?'),
    sees: '[role=region][aria-label=Keys]',
    phone: true,
  },
  {
    name: 'what can be changed',
    link: TUNNEL,
    act: opened('change'),
    sees: '[data-menu=change] input',
  },
  {
    name: 'the rest',
    link: TUNNEL,
    act: opened('more'),
    sees: '[data-menu=more] [data-kernel]',
    phone: true,
  },
]

/** The cases of this file. */
export async function cases({ base, check, figure: first, open, same, violations }) {
  for (const [width, states] of [
    [1280, STATES],
    [390, STATES.filter((s) => s.phone)],
  ]) {
    await check(
      `no axe violations in ${states.length} states, light, dark and projector, ${width} px`,
      async (page) => {
        const found = []
        await open(page, '/embed/flannel-vxlan/')
        for (const { name, link, act, sees } of states) {
          // The figure follows its link: no new page is loaded for a state.
          await page.goto(`${base}/embed/flannel-vxlan/#f=1;${link}`)
          const figure = first(page)
          await act?.({ page, figure })
          await figure.locator(sees).first().waitFor({ state: 'attached' })
          // A theme is colours: what else a rule asks has been answered once in the light one.
          for (const theme of ['light', 'dark', 'projector']) {
            await page.evaluate((t) => {
              document.documentElement.dataset.theme = t
            }, theme)
            found.push(
              ...(await violations(page, theme === 'light' ? undefined : ['color-contrast'])).map(
                (v) => `${name}, ${theme}: ${v}`,
              ),
            )
          }
        }
        same(found, [], 'violations')
      },
      { reducedMotion: 'reduce', viewport: { width, height: 900 } },
    )
  }
}
