/// Sets and shows SCRAM credentials.
///
/// `AlterUserScramCredentialsHandler, DescribeUserScramCredentialsHandler → ScramCredentials`.
///
/// Invariants: only the salt, the iterations and the two keys are kept and passed on; the salted
/// password of a request is never kept, shown or logged. Must not know: how clients log in.
package io.weft.agent.api.credentials;
