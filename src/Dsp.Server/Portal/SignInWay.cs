namespace Dsp.Server.Portal;

/// <summary>A way to sign in, offered on the sign-in page; registered by whoever brings it.</summary>
/// <param name="TextKey">Key of the link's words.</param>
/// <param name="Path">Its page, without the language: <c>/demo</c>.</param>
public sealed record SignInWay(string TextKey, string Path);
