import { accountFormPage } from './account-forms.ts'
import { accountPage } from './account.ts'
import { clusterPage } from './cluster.ts'
import { devicesPage } from './devices.ts'
import { loginPage } from './login.ts'
import { problemPage } from './problem.ts'
import { signupPage } from './signup.ts'
import { twinPage } from './twin.ts'

/** Each page as a function from what every page knows and what this one shows to a whole HTML document. */
export interface Views {
  readonly login: typeof loginPage
  readonly signup: typeof signupPage
  readonly account: typeof accountPage
  readonly accountForm: typeof accountFormPage
  readonly devices: typeof devicesPage
  readonly twin: typeof twinPage
  readonly cluster: typeof clusterPage
  readonly problem: typeof problemPage
}

export const defaultViews: Views = {
  login: loginPage,
  signup: signupPage,
  account: accountPage,
  accountForm: accountFormPage,
  devices: devicesPage,
  twin: twinPage,
  cluster: clusterPage,
  problem: problemPage,
}
