/// SCRAM credentials, to be set and looked at.
///
/// `AlterUserScramCredentialsHandler, DescribeUserScramCredentialsHandler → ScramCredentials`.
///
/// Invariants: what is kept and given on are salt, iterations and the two keys; the salted password
/// of a request is never kept, shown or logged. Must not know: how clients log in.
package io.weft.agent.api.credentials;
