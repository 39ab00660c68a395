namespace Dsp.Codes;

/// <summary>A code as sent: system (a URI; OIDs as <c>urn:oid:</c>), value, display.</summary>
public sealed record CodedValue(string System, string Code, string? Display = null);
