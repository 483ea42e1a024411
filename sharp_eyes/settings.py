"""The settings of the process. Cameras, zones and rules live in the database, not here."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_serializer

from api.settings import ApiSettings
from events.alerts.settings import AlertSettings
from events.media.settings import BlobSettings
from events.retention.settings import RetentionSettings
from events.tracks.settings import TrackLogSettings
from inference.life import LifeSettings
from inference.scheduler import SchedulerSettings
from inference.settings import DetectorSettings
from inference.tracking import TrackerSettings
from ingest.address import hide_secrets
from ingest.settings import ReaderSettings
from models.settings import ModelSettings
from registry.access.settings import AccessSettings
from registry.imports.settings import ImportSettings
from registry.uptime.settings import HistorySettings

from .settings_file import read_settings
from .worker.live_settings import LiveSettings
from .worker.settings import WorkerSettings

DEFAULT_FILE = Path("sharp-eyes.toml")


class Settings(BaseModel):
    """All settings: a table for each part, written where the part stands."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    data: Path = Path("sharp-eyes-data")
    """The data folder: database, media, keys, added models. Made where it is missing."""
    database: str | None = None
    """URL of a PostgreSQL database (postgresql://user:password@host/name). Without it: SQLite in the data folder."""
    key_file: Path | None = None
    """The file of the sealing key (32 random bytes). Without it: keys/sealing.key in the data folder, made at first."""
    key: SecretStr | None = None
    """The sealing key itself: 32 bytes in base64 or hexadecimal. Without it: the file."""
    former_keys: SecretStr | None = None
    """Beside `key`: further keys that open what they sealed, with commas between."""
    blobs: BlobSettings = Field(default_factory=BlobSettings)
    api: ApiSettings = Field(default_factory=ApiSettings)
    access: AccessSettings = Field(default_factory=AccessSettings)
    streams: ReaderSettings = Field(default_factory=ReaderSettings)
    models: ModelSettings = Field(default_factory=ModelSettings)
    detector: DetectorSettings = Field(default_factory=DetectorSettings)
    looking: SchedulerSettings = Field(default_factory=SchedulerSettings)
    tracking: TrackerSettings = Field(default_factory=TrackerSettings)
    events: LifeSettings = Field(default_factory=LifeSettings)
    tracks: TrackLogSettings = Field(default_factory=TrackLogSettings)
    retention: RetentionSettings = Field(default_factory=RetentionSettings)
    alerts: AlertSettings = Field(default_factory=AlertSettings)
    imports: ImportSettings = Field(default_factory=ImportSettings)
    history: HistorySettings = Field(default_factory=HistorySettings)
    live: LiveSettings = Field(default_factory=LiveSettings)
    worker: WorkerSettings = Field(default_factory=WorkerSettings)

    @field_serializer("database")
    def _hide_password(self, url: str | None) -> str | None:
        # It is one address, whatever blanks stand in its password.
        return None if url is None else hide_secrets(url.replace(" ", "%20"))

    @property
    def database_url(self) -> str:
        """The URL to open: never to be shown."""
        return self.database or f"sqlite:///{(self.data / 'sharp-eyes.db').resolve()}"

    @property
    def sealing_key_file(self) -> Path:
        return self.key_file or self.data / "keys" / "sealing.key"

    @property
    def blobs_folder(self) -> Path:
        return self.data / "blobs"

    @property
    def models_folder(self) -> Path:
        return self.data / "models"


def find_file(named: Path | None) -> Path | None:
    """The settings file: the one `named`, else `sharp-eyes.toml` of this folder, if there is one."""
    if named is not None:
        return named
    return DEFAULT_FILE if DEFAULT_FILE.exists() else None


def load(named: Path | None = None) -> Settings:
    """The settings in force. Raises `SettingsFaults` with all that is wrong."""
    return read_settings(Settings, find_file(named))
