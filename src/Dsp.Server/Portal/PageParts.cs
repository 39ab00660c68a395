using Dsp.Ui.Frame;
using Dsp.Ui.Languages;

namespace Dsp.Server.Portal;

/// <summary>What every page model uses beside its operations.</summary>
public sealed record PageParts(ITexts Texts, Formats Formats, PageFrame Frame, TimeProvider Clock, Addresses Addresses, PortalSession Session);
