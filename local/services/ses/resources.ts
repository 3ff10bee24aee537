import type { ResourceHandler } from '../../template/resource.ts';
import type { SesService } from './ses-service.ts';

export function identityHandler(ses: SesService): ResourceHandler {
  return {
    type: 'AWS::SES::EmailIdentity',
    honoured: ['EmailIdentity'],
    inert: {
      ConfigurationSetAttributes: 'the outbox has no sending options',
      DkimAttributes: 'mail is not signed here',
      DkimSigningAttributes: 'mail is not signed here',
      FeedbackAttributes: 'the outbox bounces nothing',
      MailFromAttributes: 'mail does not leave this machine',
      Tags: 'nothing reads tags',
    },
    provision({ properties }) {
      const identity = String(properties.EmailIdentity);
      ses.addIdentity(identity);
      return {
        ref: identity,
        attributes: {
          DkimDNSTokenName1: '',
          DkimDNSTokenValue1: '',
          DkimDNSTokenName2: '',
          DkimDNSTokenValue2: '',
          DkimDNSTokenName3: '',
          DkimDNSTokenValue3: '',
        },
      };
    },
  };
}
