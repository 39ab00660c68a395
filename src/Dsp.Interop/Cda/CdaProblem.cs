namespace Dsp.Interop.Cda;

/// <summary>Why a document could not be read as CDA.</summary>
/// <param name="Kind">The stable reason.</param>
/// <param name="Detail">For the depositor's developer, in English, without any content of the document.</param>
/// <param name="Line">Line of the source, or 0 when it does not apply.</param>
public sealed record CdaProblem(CdaProblemKind Kind, string Detail, int Line = 0);

/// <summary>The closed set of reasons.</summary>
public enum CdaProblemKind
{
    /// <summary>No byte at all.</summary>
    Empty,

    /// <summary>More bytes than <see cref="CdaLimits.MaxBytes"/>.</summary>
    TooLarge,

    /// <summary>Elements nested deeper than <see cref="CdaLimits.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>More elements and attributes than <see cref="CdaLimits.MaxNodes"/>.</summary>
    TooManyNodes,

    /// <summary>A document type declaration: never read, whatever it declares.</summary>
    DocumentType,

    /// <summary>Not well-formed XML, or in an unknown character encoding.</summary>
    NotXml,

    /// <summary>XML without a CDA R2 document in it.</summary>
    NotCda,
}

/// <summary>Bounds on what is read; beyond them the answer is a <see cref="CdaProblem"/>.</summary>
/// <param name="MaxBytes">Size of the source in bytes.</param>
/// <param name="MaxDepth">Nesting of elements; the deepest real document known to us has 17 levels, the renderer recurses at most this deep.</param>
/// <param name="MaxNodes">Elements and attributes together; about 200 bytes of memory each.</param>
public sealed record CdaLimits(int MaxBytes = 32 * 1024 * 1024, int MaxDepth = 64, int MaxNodes = 500_000)
{
    /// <summary>The bounds used when none are given.</summary>
    public static CdaLimits Default { get; } = new();
}
