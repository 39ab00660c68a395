using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dsp;

/// <summary>Ids as JSON text, lower-case with hyphens.</summary>
public static class IdJson
{
    public sealed class Record : Converter<RecordId>
    {
        protected override RecordId From(Guid value) => new(value);
        protected override Guid Value(RecordId id) => id.Value;
    }

    public sealed class Person : Converter<PersonId>
    {
        protected override PersonId From(Guid value) => new(value);
        protected override Guid Value(PersonId id) => id.Value;
    }

    public sealed class Institution : Converter<InstitutionId>
    {
        protected override InstitutionId From(Guid value) => new(value);
        protected override Guid Value(InstitutionId id) => id.Value;
    }

    public sealed class System : Converter<SystemId>
    {
        protected override SystemId From(Guid value) => new(value);
        protected override Guid Value(SystemId id) => id.Value;
    }

    public sealed class Document : Converter<DocumentId>
    {
        protected override DocumentId From(Guid value) => new(value);
        protected override Guid Value(DocumentId id) => id.Value;
    }

    public sealed class Content : Converter<ContentId>
    {
        protected override ContentId From(Guid value) => new(value);
        protected override Guid Value(ContentId id) => id.Value;
    }

    public sealed class Submission : Converter<SubmissionId>
    {
        protected override SubmissionId From(Guid value) => new(value);
        protected override Guid Value(SubmissionId id) => id.Value;
    }

    public sealed class Folder : Converter<FolderId>
    {
        protected override FolderId From(Guid value) => new(value);
        protected override Guid Value(FolderId id) => id.Value;
    }

    public abstract class Converter<T> : JsonConverter<T> where T : struct
    {
        protected abstract T From(Guid value);
        protected abstract Guid Value(T id);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => From(reader.GetGuid());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Value(value));
    }
}
